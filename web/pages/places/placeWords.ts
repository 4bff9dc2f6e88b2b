// A place's kind and validity in words.
import type { PlaceRow } from '../../../services/contracts/api/places.ts'
import type { Text } from './texts.ts'

export const kindText = ({ kind, sensitiveKind }: Pick<PlaceRow, 'kind' | 'sensitiveKind'>, t: Text): string =>
  sensitiveKind ? `${t(`placeKind.${kind}`)} · ${t(`sensitiveKind.${sensitiveKind}`)}` : t(`placeKind.${kind}`)

export const validText = ({ validFrom, validUntil }: { validFrom: string; validUntil: string | null }, t: Text): string =>
  `${validFrom} – ${validUntil ?? t('kit.openEnd')}`
