package io.gocacheserver.adapter.doctor;

import io.gocacheserver.adapter.zstd.ZstdDecoders;

/** Whether compressed objects can be decoded here. */
final class ZstdCheck implements Runnable {

    private final Findings findings;

    ZstdCheck(Findings findings) {
        this.findings = findings;
    }

    @Override
    public void run() {
        ZstdDecoders decoders = new ZstdDecoders(System.getProperty("ZstdNativePath"));
        String problem = decoders.available() ? null : decoders.problem();
        if (decoders.available()) {
            findings.ok("zstd: objects come compressed");
        } else {
            findings.warning(
                    "zstd is not usable here, so objects come uncompressed, some three times as"
                            + " large"
                            + (problem == null ? "" : ": " + problem));
        }
    }
}
