// A comparison as lines of a table: what was ordered, what was told, what the track has, and how far that is apart, in words.
import type { ComparedOrder } from '../../../services/contracts/api/comparison.ts'
import type { Verdict } from '../../../services/domain/trackAgainstOrder.ts'
import { formatFen } from '../../kit/format/money.ts'
import { formatDuration, formatInstant, type Locale } from '../../kit/format/time.ts'
import type { useText } from './texts.ts'

type Text = ReturnType<typeof useText>['t']
/** `play`: moments and stretches that can be looked at. */
export type CompareLine = {
  key: string
  name: string
  ordered: string
  said: string
  seen: string
  apart: string[]
  verdict: Verdict
  play: { fromMs: number; untilMs: number; says: string }[]
}

const NONE = '–'
const minute = (ms: number | null): string => (ms === null ? NONE : formatInstant(ms).slice(0, 16))
export const metresText = (metres: number | null): string =>
  metres === null ? NONE : metres >= 1000 ? `${(metres / 1000).toFixed(1)} km` : `${Math.round(metres)} m`

export function linesOf({ comparison: found }: ComparedOrder, t: Text, locale: Locale): CompareLine[] {
  const apart = (ms: number | null): string => {
    if (ms === null) return NONE
    if (Math.abs(ms) < 60_000) return t('compare.onTime')
    return t(ms > 0 ? 'compare.later' : 'compare.earlier', { time: formatDuration(Math.abs(ms), locale) })
  }
  const line = (key: string, name: string, verdict: Verdict, more: Partial<CompareLine>): CompareLine => ({
    ...{ key, name, verdict, ordered: NONE, said: NONE, seen: NONE, apart: [], play: [] },
    ...more,
  })
  const times = (['departure', 'comeBack'] as const).map((key) => {
    const { orderedMs, saidMs, seenMs, apartMs, saidApartMs, verdict } = found[key]
    return line(key, t(`compare.${key}`), verdict, {
      ordered: minute(orderedMs),
      said: minute(saidMs),
      seen: seenMs === null ? t('compare.notSeen') : minute(seenMs),
      apart: [apart(apartMs), ...(saidApartMs === null ? [] : [t('compare.thanSaid', { apart: apart(saidApartMs) })])],
      play: seenMs === null ? [] : [{ fromMs: seenMs, untilMs: seenMs, says: minute(seenMs) }],
    })
  })
  const places = found.places.map(({ name, nearestM, nearestMs, saidMs, saidM, verdict }, n) =>
    line(`place ${n}`, t('compare.place', { name }), verdict, {
      ordered: name,
      said: minute(saidMs),
      seen:
        nearestMs === null
          ? NONE
          : verdict === 'same' || nearestM! <= 200
            ? t('compare.reached', { time: minute(nearestMs) })
            : t('compare.nearest', { time: minute(nearestMs), metres: metresText(nearestM) }),
      apart: [metresText(nearestM), ...(saidM === null ? [] : [t('compare.saidAway', { metres: metresText(saidM) })])],
      play: nearestMs === null ? [] : [{ fromMs: nearestMs, untilMs: nearestMs, says: minute(nearestMs) }],
    }),
  )
  const { way, stays, people, driver, distance, cost, silences } = found
  const span = (fromMs: number, untilMs: number, says: string) => ({ fromMs, untilMs, says: `${minute(fromMs)} ${says}` })
  return [
    ...times,
    ...places,
    line('way', t('compare.way'), way.verdict, {
      ordered: t('compare.corridor'),
      seen:
        way.verdict === 'unknown'
          ? NONE
          : way.stretches.length === 0
            ? t('compare.inWay')
            : t('compare.offWay', { n: way.stretches.length }),
      apart: way.stretches.map(({ beyondM }) => t('compare.beyond', { metres: metresText(beyondM) })),
      play: way.stretches.map(({ fromMs, untilMs, beyondM }) =>
        span(fromMs, untilMs, t('compare.beyond', { metres: metresText(beyondM) })),
      ),
    }),
    line('stays', t('compare.stays'), stays.verdict, {
      ordered: t('compare.staysN', { n: 0 }),
      seen: stays.verdict === 'unknown' && stays.rows.length === 0 ? NONE : t('compare.staysN', { n: stays.rows.length }),
      apart: stays.rows.map(({ fromMs, untilMs, offM, unseenMs }) =>
        [
          t('compare.stayFor', { time: formatDuration(untilMs - fromMs, locale), metres: metresText(offM) }),
          ...(unseenMs > 0 ? [t('compare.unseen', { time: formatDuration(unseenMs, locale) })] : []),
        ].join(locale === 'en' ? ', ' : '，'),
      ),
      play: stays.rows.map(({ fromMs, untilMs }) => span(fromMs, untilMs, formatDuration(untilMs - fromMs, locale))),
    }),
    line('people', t('compare.people'), people.verdict, {
      ordered: t('compare.peopleN', { n: people.passengers }),
      seen: people.room === null ? NONE : t('compare.room', { n: people.room }),
      apart: people.room !== null && people.passengers > people.room ? [t('compare.over', { n: people.passengers - people.room })] : [],
    }),
    line('driver', t('compare.driver'), driver.verdict, {
      ordered: driver.ordered ?? t('compare.selfDrive'),
      said: driver.drove.join(locale === 'en' ? ', ' : '、') || NONE,
      apart: driver.steppedFor.map(({ action, by, atMs }) =>
        t('compare.steppedFor', { by, time: minute(atMs), action: t(`orderAction.${action as 'depart'}`) }),
      ),
    }),
    line('distance', t('compare.distance'), distance.verdict, {
      ordered:
        distance.orderedM === null
          ? NONE
          : t('compare.about', { km: metresText(distance.orderedM), straight: metresText(distance.straightM) }),
      said: metresText(distance.saidM),
      seen: metresText(distance.seenM),
      apart: distance.saidM !== null && distance.seenM !== null ? [metresText(Math.abs(distance.saidM - distance.seenM))] : [],
    }),
    line('cost', t('compare.cost'), cost.verdict, {
      said: formatFen(cost.fen),
      seen: cost.fenPerKm === null ? NONE : t('compare.perKm', { fen: formatFen(cost.fenPerKm) }),
      apart: cost.elsewhen.map(({ kind, fen, atMs }) =>
        t('compare.elsewhen', { kind: t(`costKind.${kind as 'fuel'}`), fen: formatFen(fen), time: minute(atMs) }),
      ),
    }),
    line('silences', t('compare.silence'), silences.length === 0 ? 'same' : 'unknown', {
      seen: t('compare.silences', { n: silences.length }),
      apart: silences.map(({ fromMs, untilMs, metres }) =>
        t('compare.silenceOf', { from: minute(fromMs), time: formatDuration(untilMs - fromMs, locale), metres: metresText(metres) }),
      ),
      play: silences.map(({ fromMs, untilMs }) => span(fromMs, untilMs, formatDuration(untilMs - fromMs, locale))),
    }),
  ]
}
