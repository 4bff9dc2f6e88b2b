// The matrix (matrix.test.ts), part 3.
import t from 'tap'
import { long } from '../harness/long.ts'
import { playPart } from './matrix/judge.ts'

await playPart(t, 3, long)
