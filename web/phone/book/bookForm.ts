// What a request is asked with on the phone: how the form begins, and what becomes of it. Plain data, so that it survives a reload.
import type { RequestDetail, RequestFields, RequestRow } from '../../../services/contracts/api/requests.ts'
import type { Stop } from '../../../services/contracts/api/tripFields.ts'
import type { Equipment } from '../../../services/domain/equipment.ts'
import type { TripPurpose } from '../../../services/domain/requests.ts'
import type { Recurrence } from '../../../services/domain/series.ts'
import type { WhenName } from '../../parts/trip/when.ts'

export type BookForm = {
  /** One for each request: sent again after a lost reply it is the same request. */
  key: string
  to: string
  from: string
  when: WhenName | null
  startsAt: string
  endsAt: string
  passengers: number
  purposeKind: TripPurpose | null
  purpose: string
  via: string
  travellers: string
  /** Those of them with an account, who follow the vehicle. */
  companions: { accountId: number; name: string }[]
  contactName: string
  contactPhone: string
  note: string
  withoutDriver: boolean
  equipment: Equipment[]
  emergency: boolean
  /** A supplier's vehicle. */
  lease: boolean
  /** Asked for again and again, so often. */
  repeats: Recurrence['every'] | null
  times: number
  /** Places that were found or pointed at, by name; a form that was kept by an earlier page has none. */
  pointed?: Stop[]
  /** It was sent, and nobody knows whether it arrived: it is sent again as it is. */
  sent: boolean
}

/** The places one has gone to, the most frequent first, each with the last request that went there. */
export function favourites(rows: readonly RequestRow[]): RequestRow[] {
  const byName = new Map<string, { row: RequestRow; times: number }>()
  for (const row of byNewest(rows)) {
    const known = byName.get(row.to.name)
    if (known) known.times++
    else byName.set(row.to.name, { row, times: 1 })
  }
  return [...byName.values()].sort((a, b) => b.times - a.times).map(({ row }) => row)
}

/** Where one mostly sets out from; null: nothing was asked for yet. Of two that are as frequent, the later one. */
export function usualOrigin(rows: readonly RequestRow[]): string | null {
  const times = new Map<string, number>()
  for (const { from } of byNewest(rows)) times.set(from.name, (times.get(from.name) ?? 0) + 1)
  return [...times].sort(([, a], [, b]) => b - a)[0]?.[0] ?? null
}

export const byNewest = (rows: readonly RequestRow[]): RequestRow[] => [...rows].sort((a, b) => b.requestId - a.requestId)

export const emptyForm = (key: string): BookForm => ({
  key,
  to: '',
  from: '',
  when: null,
  startsAt: '',
  endsAt: '',
  passengers: 1,
  purposeKind: null,
  purpose: '',
  via: '',
  travellers: '',
  companions: [],
  contactName: '',
  contactPhone: '',
  note: '',
  withoutDriver: false,
  equipment: [],
  emergency: false,
  lease: false,
  repeats: null,
  times: 4,
  sent: false,
})

/** From now on a place of that name is there. */
export const knowing = ({ pointed = [] }: BookForm, stop: Stop): Pick<BookForm, 'pointed'> => ({
  pointed: [stop, ...pointed.filter(({ name }) => name !== stop.name)],
})

export const VIA = '、'
/** The names of `via`. */
export const viaNames = (via: string): string[] =>
  via
    .split(/[、，,;；\n]/)
    .map((name) => name.trim())
    .filter((name) => name !== '')

/** A form filled as a request is: to be changed, to ask for the same again at another time, or for the way back. */
export function formOf(request: RequestDetail, key: string, as: 'change' | 'copy' | 'back'): BookForm {
  const again = as !== 'change'
  const back = as === 'back'
  return {
    ...emptyForm(key),
    to: back ? request.from.name : request.to.name,
    from: back ? request.to.name : request.from.name,
    when: again ? null : 'pick',
    startsAt: again ? '' : request.startsAt,
    endsAt: again ? '' : request.endsAt,
    passengers: request.passengers,
    purposeKind: request.purposeKind,
    purpose: request.purpose,
    via: (back ? [...request.via].reverse() : request.via).map(({ name }) => name).join(VIA),
    travellers: request.travellers ?? '',
    companions: request.companions,
    contactName: request.contactName,
    contactPhone: request.contactPhone,
    note: request.note ?? '',
    withoutDriver: !request.withDriver,
    // What was an emergency once is none the next time.
    equipment: request.equipment,
    emergency: !again && request.kind === 'emergency',
    lease: request.kind === 'lease',
  }
}

/** What is still to be filled in, by the field where it is. */
export function findMissing(form: BookForm): 'to' | 'from' | 'when' | 'purposeKind' | 'purpose' | 'contactName' | 'contactPhone' | null {
  if (!form.to.trim()) return 'to'
  if (!form.from.trim()) return 'from'
  if (!form.startsAt || !form.endsAt) return 'when'
  if (!form.purposeKind) return 'purposeKind'
  if (!form.purpose.trim()) return 'purpose'
  if (!form.contactName.trim()) return 'contactName'
  if (!form.contactPhone.trim()) return 'contactPhone'
  return null
}

/** @param places of earlier requests: where a place of the same name is known, it is sent along */
export function fieldsOf(form: BookForm, places: readonly Stop[]): RequestFields {
  const stop = (name: string): Stop => places.find((place) => place.name === name.trim()) ?? { name: name.trim(), lon: null, lat: null }
  return {
    kind: form.emergency ? 'emergency' : form.lease ? 'lease' : 'pool',
    purposeKind: form.purposeKind!,
    purpose: form.purpose.trim(),
    from: stop(form.from),
    to: stop(form.to),
    via: viaNames(form.via).map(stop),
    startsAt: form.startsAt,
    endsAt: form.endsAt,
    passengers: form.passengers,
    withDriver: !form.withoutDriver,
    equipment: form.equipment,
    travellers: form.travellers.trim() || null,
    travellerIds: form.companions.map(({ accountId }) => accountId),
    contactName: form.contactName.trim(),
    contactPhone: form.contactPhone.trim(),
    note: form.note.trim() || null,
  }
}

/** What tells who would approve it; null while it is not known where and when. */
export function previewOf(form: BookForm, places: readonly Stop[]) {
  if (!form.to.trim() || !form.from.trim() || !form.startsAt || form.endsAt <= form.startsAt) return null
  const { from, to, via, startsAt, endsAt, passengers, withDriver, equipment } = fieldsOf(form, places)
  return { from, to, via, startsAt, endsAt, passengers, withDriver, equipment }
}
