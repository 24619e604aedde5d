package io.gocacheserver.adapter.testing;

import io.gocacheserver.adapter.session.SessionReport;

/** What sessions did. */
public final class Reports {

    private Reports() {}

    /** A warm build that went well. */
    public static SessionReport warm() {
        return new SessionReport(
                SessionReport.Ending.CLOSED,
                2_340_000_000L,
                1_056_000_000L,
                20_000_000L,
                289,
                12,
                287,
                2,
                0,
                60_000_000,
                21_000_000,
                "example.com/m:go1.26",
                290,
                280,
                1,
                1_500_000_000L,
                1,
                1,
                4_096,
                0,
                0,
                0,
                0,
                0,
                null,
                0,
                null);
    }

    /** A build that needed no service. */
    public static SessionReport local() {
        return new SessionReport(
                SessionReport.Ending.CLOSED,
                1_000_000L,
                0,
                0,
                0,
                12,
                0,
                0,
                0,
                0,
                0,
                null,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                0,
                null,
                0,
                null);
    }

    /** A build whose service failed. */
    public static SessionReport failed() {
        return new SessionReport(
                SessionReport.Ending.GONE,
                1_000_000L,
                0,
                0,
                3,
                0,
                0,
                300,
                300,
                0,
                0,
                null,
                0,
                0,
                0,
                0,
                10,
                0,
                0,
                1,
                2,
                3,
                4,
                3,
                "it said \"no\"",
                1,
                "cannot write C:\\cache");
    }
}
