// The provider of the OpenID Connect test brings no types; what the test uses of it is written there.
declare module 'oidc-provider'
