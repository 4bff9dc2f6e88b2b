// A refusal that the command line prints as one sentence; anything else thrown is a bug or an outage.
export class UsageError extends Error {}
