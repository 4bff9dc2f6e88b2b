// Sensitive vehicles (涉密, registered apart): the numbers that stand for them, and the life of an unmasking.

/** Secret numbers begin here, far above the numbers of vehicles: what has such a number is seen coarsely and opens nothing. */
export const FIRST_SECRET_NO = 1_600_000_000
export const isSecretNo = (id: number): boolean => id >= FIRST_SECRET_NO

/** What those see of a sensitive vehicle who are not named: nothing, or a cell of a tenth of a degree and ten minutes. */
export const sights = ['hidden', 'coarse'] as const
export type SecretSight = (typeof sights)[number]

/** `expired` is true from the instant the time is over, whether anybody has written it down or not. */
export const unmaskingStates = ['pending', 'approved', 'refused', 'withdrawn', 'ended', 'expired'] as const
export type UnmaskingState = (typeof unmaskingStates)[number]

/** The longest that any policy may permit. */
export const MAX_UNMASKING_HOURS = 720
