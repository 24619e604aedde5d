package io.gocacheserver.web;

import io.gocacheserver.cache.Access;
import io.gocacheserver.model.ActionId;
import io.gocacheserver.model.OutputId;

import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;

import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;
import org.springframework.web.servlet.HandlerMapping;

import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Controllers' arguments: {@link Access}, which they get in no other way, {@link Exchange}, and IDs from the path. One that ends where its ID
 * should begin has an empty one, which the ID's own validation refuses as it does any other that is not valid.
 */
record RequestArguments(AccessResolver accesses) implements HandlerMethodArgumentResolver {

    private static final Set<Class<?>> TYPES =
            Set.of(Access.class, Exchange.class, ActionId.class, OutputId.class);

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return TYPES.contains(parameter.getParameterType());
    }

    @Override
    public Object resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binders) {
        HttpServletRequest servlet =
                Objects.requireNonNull(request.getNativeRequest(HttpServletRequest.class));
        if (parameter.getParameterType() == Access.class) {
            return accesses.resolve(servlet);
        }
        if (parameter.getParameterType() == Exchange.class) {
            Objects.requireNonNull(container).setRequestHandled(true);
            return new Exchange(
                    servlet,
                    Objects.requireNonNull(request.getNativeResponse(HttpServletResponse.class)));
        }
        return parameter.getParameterType() == ActionId.class
                ? new ActionId(pathVariable(servlet, "actionId"))
                : new OutputId(pathVariable(servlet, "outputId"));
    }

    private static String pathVariable(HttpServletRequest request, String name) {
        return request.getAttribute(HandlerMapping.URI_TEMPLATE_VARIABLES_ATTRIBUTE)
                                instanceof Map<?, ?> variables
                        && variables.get(name) instanceof String value
                ? value
                : "";
    }
}
