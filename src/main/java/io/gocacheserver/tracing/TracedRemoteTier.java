package io.gocacheserver.tracing;

import io.gocacheserver.cache.tier.Coding;
import io.gocacheserver.cache.tier.Content;
import io.gocacheserver.cache.tier.RemoteTier;
import io.gocacheserver.cache.tier.TierException;
import io.gocacheserver.cache.tier.UploadBody;
import io.gocacheserver.cache.tier.WrittenBy;
import io.gocacheserver.model.ActionKey;
import io.gocacheserver.model.Entry;
import io.gocacheserver.model.OutputId;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** A remote tier whose calls are spans. */
final class TracedRemoteTier extends TracedTier<RemoteTier> implements RemoteTier {

    TracedRemoteTier(RemoteTier tier, TierSpans spans) {
        super(tier, spans);
    }

    @Override
    public Coding codingFor(Content content) {
        return tier.codingFor(content);
    }

    @Override
    public Offer putObject(OutputId output, UploadBody body, Duration timeout)
            throws TierException {
        return spans.call("putObject", output, () -> tier.putObject(output, body, timeout));
    }

    @Override
    public void putAction(Entry entry, Duration timeout) throws TierException {
        spans.change("putAction", entry, () -> tier.putAction(entry, timeout));
    }

    @Override
    public Optional<RemoteFile> file(ActionKey name) throws TierException {
        return spans.call("file", name, () -> tier.file(name));
    }

    @Override
    public void putFile(Entry file, UploadBody body, Duration timeout) throws TierException {
        spans.change("putFile", file, () -> tier.putFile(file, body, timeout));
    }

    @Override
    public void written(WrittenBy query, Consumer<Entry> found) throws TierException {
        tier.written(query, found);
    }

    @Override
    public void deleteAction(ActionKey action, Duration timeout) throws TierException {
        spans.change("deleteAction", action, () -> tier.deleteAction(action, timeout));
    }

    @Override
    public void deleteObject(OutputId output, Duration timeout) throws TierException {
        spans.change("deleteObject", output, () -> tier.deleteObject(output, timeout));
    }
}
