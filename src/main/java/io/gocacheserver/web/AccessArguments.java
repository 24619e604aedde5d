package io.gocacheserver.web;

import io.gocacheserver.cache.Access;

import jakarta.servlet.http.HttpServletRequest;

import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.web.bind.support.WebDataBinderFactory;
import org.springframework.web.context.request.NativeWebRequest;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.method.support.ModelAndViewContainer;

/** Controllers' arguments of the type {@link Access}: the only way in which they get one. */
final class AccessArguments implements HandlerMethodArgumentResolver {

    private final AccessResolver accesses;

    AccessArguments(AccessResolver accesses) {
        this.accesses = accesses;
    }

    @Override
    public boolean supportsParameter(MethodParameter parameter) {
        return parameter.getParameterType() == Access.class;
    }

    @Override
    public Object resolveArgument(
            MethodParameter parameter,
            @Nullable ModelAndViewContainer container,
            NativeWebRequest request,
            @Nullable WebDataBinderFactory binders) {
        HttpServletRequest servlet = request.getNativeRequest(HttpServletRequest.class);
        if (servlet == null) {
            throw new IllegalStateException("not a servlet's request: " + request);
        }
        return accesses.resolve(servlet);
    }
}
