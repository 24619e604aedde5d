package io.gocacheserver.model;

/** By what the tiers know an action: it may be in several namespaces, with another output in each. */
public record ActionKey(Namespace namespace, ActionId action) {

    public static ActionKey global(ActionId action) {
        return new ActionKey(Namespace.GLOBAL, action);
    }

    /** For people: the ID, and where it is if that is not {@link Namespace#GLOBAL}. */
    @Override
    public String toString() {
        return namespace.isGlobal() ? action.hex() : action.hex() + " in " + namespace;
    }
}
