package io.gocacheserver.adapter.testing;

import io.gocacheserver.adapter.session.Count;
import io.gocacheserver.adapter.session.SessionReport;

import java.util.Map;

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
                "example.com/m:go1.26",
                Map.ofEntries(
                        Map.entry(Count.ROUND_TRIPS, 289L),
                        Map.entry(Count.LOCAL_HITS, 12L),
                        Map.entry(Count.SERVICE_HITS, 287L),
                        Map.entry(Count.MISSES, 2L),
                        Map.entry(Count.BYTES_FETCHED, 60_000_000L),
                        Map.entry(Count.BYTES_TRANSFERRED, 21_000_000L),
                        Map.entry(Count.PREFETCHED, 290L),
                        Map.entry(Count.PREFETCHED_USED, 280L),
                        Map.entry(Count.EXECUTED, 1L),
                        Map.entry(Count.EXECUTION_NANOS, 1_500_000_000L),
                        Map.entry(Count.PUTS, 1L),
                        Map.entry(Count.UPLOADS, 1L),
                        Map.entry(Count.BYTES_UPLOADED, 4_096L)),
                null,
                null);
    }

    /** A build that needed no service. */
    public static SessionReport local() {
        return new SessionReport(
                SessionReport.Ending.CLOSED,
                1_000_000L,
                0,
                0,
                null,
                Map.of(Count.LOCAL_HITS, 12L),
                null,
                null);
    }

    /** A build whose service failed. */
    public static SessionReport failed() {
        return new SessionReport(
                SessionReport.Ending.GONE,
                1_000_000L,
                0,
                0,
                null,
                Map.of(
                        Count.ROUND_TRIPS, 3L,
                        Count.MISSES, 300L,
                        Count.UNANSWERED, 300L,
                        Count.PUTS, 10L,
                        Count.UPLOADS_FAILED, 1L,
                        Count.UPLOADS_SKIPPED, 2L,
                        Count.UPLOADS_DROPPED, 3L,
                        Count.UPLOADS_UNDONE, 4L,
                        Count.SERVICE_FAILURES, 3L,
                        Count.DISK_FAILURES, 1L),
                "it said \"no\"",
                "cannot write C:\\cache");
    }
}
