// The matrix (matrix.test.ts), part 3.
import t from 'tap'
import { playPart } from './matrix/judge.ts'

await playPart(t, 3)
