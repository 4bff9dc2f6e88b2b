// What the database itself refuses, in the words of the catalogue: a plate that two hundred entered at once is taken, it was not changed.
// Every write comes through here (answers.ts), so no slice says it again; where a slice knows more it asks before it writes.
import { Refusal } from '../contracts/errors.ts'
import { type RefusalReason, refusal } from '../contracts/refusals.ts'

type Said = readonly [path: string, reason: RefusalReason, value?: string]

/** Unique indexes and exclusions by their names in the database. `value`: under this name the sentence says what was taken, as it was sent. */
const constraints = new Map<string, Said>(
  Object.entries({
    vehicles_plate_key: ['body.plate', 'plate.taken', 'plate'],
    vehicles_vin_key: ['body.vin', 'vin.taken'],
    vehicles_sticker_no_key: ['body.stickerNo', 'sticker.taken', 'sticker'],
    compounds_organisation_id_name_key: ['body.name', 'name.taken'],
    motor_pools_organisation_id_name_key: ['body.name', 'name.taken'],
    places_by_name: ['body.name', 'name.taken'],
    suppliers_by_name: ['body.name', 'name.taken'],
    drivers_licence_no_key: ['body.licenceNo', 'driver.licenceTaken'],
    drivers_vehicle_id_key: ['body.vehicleId', 'driver.vehicleTaken'],
    driver_loans_driver_id_daterange_excl: ['body.fromDay', 'driver.loanOverlap'],
    driver_leaves_driver_id_daterange_excl: ['body.fromDay', 'driver.leaveOverlap'],
    reservations_of_vehicle: ['body.vehicleId', 'vehicle.promised'],
    reservations_of_driver: ['body.driverId', 'driver.promised'],
    fuel_cards_card_no_key: ['body.cardNo', 'card.taken'],
    fuel_cards_by_vehicle: ['body.vehicleId', 'card.vehicleHas'],
    terminals_vehicle_id_key: ['body.terminalId', 'terminal.vehicleHas'],
    terminals_pkey: ['body.terminals', 'value.taken'],
    terminal_past_bindings_of_terminal: ['body.since', 'terminal.boundOtherwise'],
    terminal_past_bindings_of_vehicle: ['body.since', 'terminal.boundOtherwise'],
    ledger_flows_one_open: ['body.vehicleId', 'flow.open'],
    quotas_one_open: ['body.category', 'quota.open'],
    quotas_in_force: ['body.action', 'quota.sameDay'],
    accounts_username_key: ['body.username', 'account.nameTaken', 'username'],
    accounts_oidc_subject_key: ['query', 'account.oidcTaken'],
  } satisfies Record<string, Said>),
)

/** What holds of a kind of violation that has no line above. */
const kinds = new Map<string, Said>(
  Object.entries({
    '23505': ['body', 'value.taken'],
    '23P01': ['body', 'days.overlap'],
    '23503': ['body', 'reference.gone'],
  } satisfies Record<string, Said>),
)

/** Two transactions in each other's way, or a lock not given in time: nothing was written, the same request may be sent again. */
const CROSSED = /^(40001|40P01|55P03)$/

type Violation = { code?: string; constraint?: string }

/**
 * The refusal that an error of the database stands for; undefined where it is a bug or an outage. What was taken is what `sent`, the body of
 * the request, has at that place: of a table that the services may not read whole, the database does not say it.
 */
export function refusalOfViolation(error: unknown, sent?: unknown): Refusal | undefined {
  const { code = '', constraint = '' } = error as Violation
  if (CROSSED.test(code)) return new Refusal('UNAVAILABLE')
  const kind = kinds.get(code)
  if (!kind) return undefined
  const [path, reason, name] = constraints.get(constraint) ?? kind
  const value = name && valueAt(sent, path.split('.').at(-1)!)
  if (name && value === undefined) return refusal('CONFLICT', path, 'value.taken')
  return refusal('CONFLICT', path, reason, name && value ? { [name]: value } : {})
}

/** The text under `field` in a body, at whatever depth it stands there; undefined where there is none or another besides. */
function valueAt(sent: unknown, field: string): string | undefined {
  const found = new Set<string>()
  const look = (part: unknown): void => {
    if (typeof part !== 'object' || part === null) return
    for (const [name, value] of Object.entries(part)) {
      if (name === field && typeof value === 'string') found.add(value)
      else look(value)
    }
  }
  look(sent)
  return found.size === 1 ? [...found][0] : undefined
}

/** Is there a sentence of its own for this constraint? */
export const isNamed = (error: unknown): boolean => constraints.has((error as Violation).constraint ?? '')
