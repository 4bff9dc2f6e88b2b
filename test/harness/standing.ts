// A world that several test files share where one process plays them one after the other. It ends when a file begins that wants another
// database, or with the process.

type Work = () => unknown
const ends: Work[] = []

/** What is made with this in place of a test goes on standing when its file has ended. */
export const standing = { teardown: (work: Work): unknown => ends.push(work) }

/** Ends what stands, the last made first. */
export async function endStanding(): Promise<void> {
  for (let end = ends.pop(); end; end = ends.pop()) await end()
}
