// What an act changes beside what it is about: seats that are handed on, terminals taken off, everything that a merger carries along.
// Whoever writes such a row notes it; when the act ends, each has a record of its own, so that a row's history is complete by itself.
import type { AuditAction } from '../../contracts/auditActions.ts'
import type { AuditSubject } from './record.ts'

type Fields = Record<string, unknown>
type Note = { subject: AuditSubject; before: Fields; after: Fields; made: boolean }
type Followed = { action: AuditAction; subject: AuditSubject; before: Fields | null; after: Fields }

const keyOf = ({ type, id }: AuditSubject): string => `${type} ${id}`

export class Notes {
  #notes = new Map<string, Note>()

  /** `before` as it was, `after` as it is, of the same fields. Of several notes on a field the first before and the last after count. */
  add(subject: AuditSubject, before: Fields, after: Fields): void {
    const note = this.#of(subject)
    Object.assign(note.after, after)
    if (note.made) return
    for (const [field, value] of Object.entries(before)) if (!(field in note.before)) note.before[field] = value
  }

  /** A row that came into being. */
  addMade(subject: AuditSubject, after: Fields): void {
    const note = this.#of(subject)
    note.made = true
    Object.assign(note.after, after)
  }

  /** Takes what was noted on this subject away: the act's own record says it. */
  take(subject: AuditSubject): { before: Fields; after: Fields } {
    const note = this.#notes.get(keyOf(subject))
    this.#notes.delete(keyOf(subject))
    return note ? settled(note) : { before: {}, after: {} }
  }

  /** What is left, one a subject. */
  takeAll(): Followed[] {
    const all = [...this.#notes.values()]
    this.#notes.clear()
    return all.flatMap((note): Followed[] => {
      const { before, after } = settled(note)
      if (note.made)
        return [
          { action: note.subject.type === 'vehicle' ? 'vehicle.create' : 'ledger.follow', subject: note.subject, before: null, after },
        ]
      return Object.keys(after).length > 0 ? [{ action: 'ledger.follow', subject: note.subject, before, after }] : []
    })
  }

  /** Takes over what was noted in an attempt that held. */
  absorb(attempt: Notes): void {
    for (const { subject, before, after, made } of attempt.#notes.values())
      if (made) this.addMade(subject, after)
      else this.add(subject, before, after)
  }

  #of(subject: AuditSubject): Note {
    const key = keyOf(subject)
    const note = this.#notes.get(key) ?? { subject, before: {}, after: {}, made: false }
    this.#notes.set(key, note)
    return note
  }
}

/** Without fields that came back to what they were. */
function settled({ before, after, made }: Note): { before: Fields; after: Fields } {
  const changed = Object.keys(after).filter((field) => made || !(field in before) || before[field] !== after[field])
  const pick = (from: Fields) => Object.fromEntries(changed.filter((field) => field in from).map((field) => [field, from[field]]))
  return { before: pick(before), after: pick(after) }
}
