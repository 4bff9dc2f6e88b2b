// What is laid when an installation is founded – the national calendar, the demo region – is no act of anybody's and has no record.

/** Inside a transaction of the database's owner: rows get no number of an act (migration 0011). Of anybody else it is not believed. */
export const FOUNDING = 'SET LOCAL morin.founding = on'
