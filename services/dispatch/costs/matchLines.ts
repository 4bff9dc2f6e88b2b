// What each line of a statement is matched to: card, vehicle, station, track; and whether it is known already. One statement for all lines.
import type { BookedKind } from '../../domain/costBook.ts'
import {
  AROUND_MIN,
  DOUBLE_MIN,
  findWaitReason,
  judgeTrack,
  NEAR_M,
  type TrackVerdict,
  type WaitReason,
} from '../../domain/fuelStatement.ts'
import type { Queryable } from '../../platform/db.ts'
import type { Sight } from '../kernel/caller.ts'
import { openVehicles } from '../kernel/sight.ts'
import { isHeldFor } from '../kernel/within.ts'
import type { StatementLine } from './statementLayout.ts'

export type Match = {
  known: boolean
  cardId: number | null
  vehicleId: number | null
  placeId: number | null
  unitId: number
  verdict: TrackVerdict
  why: WaitReason | null
}

type Row = {
  known: boolean
  cardId: number | null
  vehicleId: number | null
  placeId: number | null
  unitId: number
  seen: boolean
  near: boolean
  onOrder: boolean
  double: boolean
  closed: boolean
}

/** SQL: metres between the position `p` and the place `s`, as far as a kilometre needs it. */
const metres = `sqrt(pow((p.lon_e7 / 1e7 - s.lon) * 111320 * cos(radians(s.lat)), 2) + pow((p.lat_e7 / 1e7 - s.lat) * 111320, 2))`

/**
 * @param unitId whose a line of an unknown card is
 * @returns a match for each line, in their order
 */
export async function matchLines(
  db: Queryable,
  { lft, rgt, cleared }: Sight,
  { supplierId, unitId }: { supplierId: number; unitId: number },
  lines: readonly StatementLine[],
): Promise<Match[]> {
  const of = <K extends keyof StatementLine>(key: K) => lines.map((line) => line[key])
  const { rows } = await db.query<Row>(
    `SELECT EXISTS (SELECT FROM fuel_lines k WHERE k.supplier_id = $4 AND k.card_no = l.card_no AND k.at = l.at AND k.fen = l.fen AND k.quantity = l.quantity
         AND k.ordinal = l.ordinal) AS known,
       c.fuel_card_id AS "cardId", v.vehicle_id AS "vehicleId", s.place_id AS "placeId", coalesce(v.user_unit_id, c.organisation_id, $5) AS "unitId",
       coalesce(t.seen, false) AS seen, coalesce(t.near, false) AS near,
       EXISTS (SELECT FROM order_costs o JOIN dispatch_orders d USING (order_id) WHERE d.vehicle_id = v.vehicle_id AND o.kind = l.kind AND o.fen = l.fen
         AND o.corrects IS NULL AND o.at BETWEEN l.at - interval '12 hours' AND l.at + CASE WHEN l.clocked THEN interval '12 hours' ELSE interval '36 hours' END) AS "onOrder",
       EXISTS (SELECT FROM fuel_lines k WHERE k.supplier_id = $4 AND k.card_no = l.card_no AND k.fen = l.fen AND k.at <> l.at
         AND k.at BETWEEN l.at - make_interval(mins => ${DOUBLE_MIN}) AND l.at + make_interval(mins => ${DOUBLE_MIN})) AS double,
       EXISTS (SELECT FROM cost_closings z WHERE z.unit_id = coalesce(v.user_unit_id, c.organisation_id, $5)
         AND z.until_day >= (l.at AT TIME ZONE 'Asia/Shanghai')::date) AS closed
     FROM unnest($6::int[], $7::text[], $8::timestamptz[], $9::boolean[], $10::text[], $11::bigint[], $12::bigint[], $13::int[], $14::text[])
       AS l (row, card_no, at, clocked, kind, fen, quantity, ordinal, station)
     LEFT JOIN LATERAL (SELECT f.fuel_card_id, f.organisation_id, f.vehicle_id FROM fuel_cards f JOIN organisations o USING (organisation_id)
       WHERE f.card_no = l.card_no AND o.lft BETWEEN $1 AND $2
         AND (f.vehicle_id IS NULL OR f.vehicle_id IN (SELECT w.vehicle_id FROM ${openVehicles('$3')} w WHERE w.vehicle_id = f.vehicle_id))) c ON true
     LEFT JOIN LATERAL (SELECT w.vehicle_id, w.user_unit_id FROM ${openVehicles('$3')} w JOIN organisations o ON o.organisation_id = w.user_unit_id
       WHERE w.vehicle_id = c.vehicle_id AND o.lft BETWEEN $1 AND $2) v ON true
     LEFT JOIN LATERAL (SELECT p.place_id, p.lon, p.lat FROM places p JOIN organisations o USING (organisation_id)
       WHERE p.kind IN ('fuel_station', 'charging_station') AND ${isHeldFor('o', '$1', '$2')} AND l.station <> '' AND strpos(l.station, p.name) > 0
       ORDER BY length(p.name) DESC, p.place_id LIMIT 1) s ON true
     LEFT JOIN LATERAL (SELECT count(*) > 0 AS seen, coalesce(bool_or(${metres} <= ${NEAR_M}), false) AS near FROM positions p
       WHERE l.clocked AND s.place_id IS NOT NULL AND p.vehicle_id = v.vehicle_id AND p.lon_e7 <> 0 AND p.lat_e7 <> 0
         AND p.ts BETWEEN l.at - make_interval(mins => ${AROUND_MIN}) AND l.at + make_interval(mins => ${AROUND_MIN})) t ON true
     ORDER BY l.row`,
    [
      ...[lft, rgt, cleared, supplierId, unitId],
      of('row'),
      of('cardNo'),
      lines.map(({ atMs }) => new Date(atMs)),
      of('clocked'),
      of('kind') satisfies BookedKind[],
      of('fen'),
      of('quantity'),
      of('ordinal'),
      of('station'),
    ],
  )
  return rows.map(({ known, cardId, vehicleId, placeId, unitId: unit, seen, near, onOrder, double, closed }, n) => {
    const [card, vehicle, place] = [cardId !== null, vehicleId !== null, placeId !== null]
    const verdict = judgeTrack({ vehicle, place, clocked: lines[n]!.clocked, seen, near })
    return {
      known,
      cardId,
      vehicleId,
      placeId,
      unitId: unit,
      verdict,
      why: findWaitReason({ card, vehicle, verdict, onOrder, double, closed }),
    }
  })
}
