package io.gocacheserver.adapter.http.connection;

import java.io.IOException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;

/** Says what a failure of TLS means for a user, and what to do about it. */
final class TlsFailure {

    private TlsFailure() {}

    /** The failure, told in one line. */
    static HttpException of(IOException failure, String host) {
        return new HttpException("TLS failed: " + describe(failure, host), failure);
    }

    private static String describe(IOException failure, String host) {
        String name = null;
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateExpiredException) {
                return "the certificate of "
                        + host
                        + " has expired: renew it there, or correct the clock here";
            }
            if (cause instanceof CertificateNotYetValidException) {
                return "the certificate of " + host + " is not valid yet: is the clock here right?";
            }
            if (cause instanceof CertPathBuilderException) {
                return "the certificate of "
                        + host
                        + " is of a CA that is not trusted here: name the CA's certificate with"
                        + " --ca-file";
            }
            if (cause instanceof CertificateException && name == null) {
                name = cause.getMessage();
            }
        }
        if (name != null && (name.startsWith("No subject alt") || name.startsWith("No name"))) {
            return "the certificate there is not for "
                    + host
                    + ": use the name in --server that it is for ("
                    + name
                    + ')';
        }
        return alert(String.valueOf(failure.getMessage()), host);
    }

    private static String alert(String message, String host) {
        if (message.contains("certificate_required") || message.contains("bad_certificate")) {
            return host + " wants another client certificate: see --client-cert (" + message + ')';
        }
        if (message.contains("SSL message")) {
            return host + " does not speak TLS at this port: is it http://? (" + message + ')';
        }
        return message;
    }
}
