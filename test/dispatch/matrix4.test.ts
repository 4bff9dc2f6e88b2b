// The matrix (matrix.test.ts), part 4.
import t from 'tap'
import { long } from '../harness/long.ts'
import { playPart } from './matrix/judge.ts'

await playPart(t, 4, long)
