package io.gocacheserver.s3;

import io.gocacheserver.cache.tier.RemoteCallListener;

import org.jspecify.annotations.Nullable;

import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttribute;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.core.interceptor.SdkExecutionAttribute;

/** Tells of each call of the S3 client, its retries included. */
final class S3CallInterceptor implements ExecutionInterceptor {

    private static final ExecutionAttribute<RemoteCallListener.Call> CALL =
            new ExecutionAttribute<>("io.gocacheserver.call");

    private final RemoteCallListener listener;

    S3CallInterceptor(RemoteCallListener listener) {
        this.listener = listener;
    }

    @Override
    public void beforeExecution(Context.BeforeExecution context, ExecutionAttributes attributes) {
        String operation =
                String.valueOf(attributes.getAttribute(SdkExecutionAttribute.OPERATION_NAME));
        String key = context.request().getValueForField("Key", String.class).orElse(null);
        attributes.putAttribute(CALL, listener.begin(operation, key));
    }

    @Override
    public void afterExecution(Context.AfterExecution context, ExecutionAttributes attributes) {
        end(attributes, null);
    }

    @Override
    public void onExecutionFailure(
            Context.FailedExecution context, ExecutionAttributes attributes) {
        end(attributes, context.exception());
    }

    private static void end(ExecutionAttributes attributes, @Nullable Throwable failure) {
        RemoteCallListener.Call call = attributes.getAttribute(CALL);
        if (call != null) {
            call.end(failure);
        }
    }
}
