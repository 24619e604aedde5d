package io.gocacheserver.adapter.auth;

/** Where the bearer token comes from. None tells its secret in {@link Object#toString}. */
public sealed interface Credential permits Token, TokenFileName, GitHubIdentity {}
