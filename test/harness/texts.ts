// What the web says, all of it in one dictionary a language: for suites that look for a text on a page.

import { appTexts } from '../../web/app/texts.ts'
import type { Pair, RoomText } from '../../web/kit/i18n/i18n.ts'
import { kitTexts } from '../../web/kit/texts.ts'
import { mapTexts } from '../../web/map/texts.ts'
import { auditTexts } from '../../web/pages/audit/texts.ts'
import { boardsTexts } from '../../web/pages/boards/texts.ts'
import { casesTexts } from '../../web/pages/cases/texts.ts'
import { compareTexts } from '../../web/pages/compare/texts.ts'
import { costsTexts } from '../../web/pages/costs/texts.ts'
import { dispatchTexts } from '../../web/pages/dispatch/texts.ts'
import { driversTexts } from '../../web/pages/drivers/texts.ts'
import { exchangeTexts } from '../../web/pages/exchange/texts.ts'
import { explanationsTexts } from '../../web/pages/explanations/texts.ts'
import { filingsTexts } from '../../web/pages/filings/texts.ts'
import { fleetTexts } from '../../web/pages/fleet/texts.ts'
import { handoverTexts } from '../../web/pages/handovers/texts.ts'
import { homeTexts } from '../../web/pages/home/texts.ts'
import { identityTexts } from '../../web/pages/identity/texts.ts'
import { leavesTexts } from '../../web/pages/leaves/texts.ts'
import { ledgerTexts } from '../../web/pages/ledger/texts.ts'
import { lettersTexts } from '../../web/pages/letters/texts.ts'
import { liveTexts } from '../../web/pages/live/texts.ts'
import { loansTexts } from '../../web/pages/loans/texts.ts'
import { looksTexts } from '../../web/pages/looks/texts.ts'
import { mishapsTexts } from '../../web/pages/mishaps/texts.ts'
import { operationsTexts } from '../../web/pages/operations/texts.ts'
import { ordersTexts } from '../../web/pages/orders/texts.ts'
import { placesTexts } from '../../web/pages/places/texts.ts'
import { publicationsTexts } from '../../web/pages/publications/texts.ts'
import { quotaTexts } from '../../web/pages/quota/texts.ts'
import { replayTexts } from '../../web/pages/replay/texts.ts'
import { reportsTexts } from '../../web/pages/reports/texts.ts'
import { requestsTexts } from '../../web/pages/requests/texts.ts'
import { sealingTexts } from '../../web/pages/sealing/texts.ts'
import { secrecyTexts } from '../../web/pages/secrecy/texts.ts'
import { statisticsTexts } from '../../web/pages/statistics/texts.ts'
import { supervisionTexts } from '../../web/pages/supervision/texts.ts'
import { terminalsTexts } from '../../web/pages/terminals/texts.ts'
import { upkeepTexts } from '../../web/pages/upkeep/texts.ts'
import { webhooksTexts } from '../../web/pages/webhooks/texts.ts'
import { whereaboutsTexts } from '../../web/pages/whereabouts/texts.ts'
import { accountTexts } from '../../web/parts/account/texts.ts'
import { chainTexts } from '../../web/parts/chain/texts.ts'
import { driverTexts } from '../../web/parts/driver/texts.ts'
import { historyTexts } from '../../web/parts/history/texts.ts'
import { notificationTexts } from '../../web/parts/notifications/texts.ts'
import { sharingTexts } from '../../web/parts/sharing/texts.ts'
import { partsTexts } from '../../web/parts/texts.ts'
import { tripTexts } from '../../web/parts/trip/texts.ts'
import { phoneTexts } from '../../web/phone/texts.ts'

/** Every file of texts, by its path. */
export const rooms = {
  'web/app/texts.ts': appTexts,
  'web/kit/texts.ts': kitTexts,
  'web/map/texts.ts': mapTexts,
  'web/pages/audit/texts.ts': auditTexts,
  'web/pages/dispatch/texts.ts': dispatchTexts,
  'web/pages/drivers/texts.ts': driversTexts,
  'web/pages/exchange/texts.ts': exchangeTexts,
  'web/pages/fleet/texts.ts': fleetTexts,
  'web/pages/home/texts.ts': homeTexts,
  'web/pages/identity/texts.ts': identityTexts,
  'web/pages/ledger/texts.ts': ledgerTexts,
  'web/pages/leaves/texts.ts': leavesTexts,
  'web/pages/live/texts.ts': liveTexts,
  'web/pages/operations/texts.ts': operationsTexts,
  'web/pages/cases/texts.ts': casesTexts,
  'web/pages/explanations/texts.ts': explanationsTexts,
  'web/pages/compare/texts.ts': compareTexts,
  'web/pages/costs/texts.ts': costsTexts,
  'web/pages/loans/texts.ts': loansTexts,
  'web/pages/looks/texts.ts': looksTexts,
  'web/pages/orders/texts.ts': ordersTexts,
  'web/pages/places/texts.ts': placesTexts,
  'web/pages/quota/texts.ts': quotaTexts,
  'web/pages/replay/texts.ts': replayTexts,
  'web/pages/boards/texts.ts': boardsTexts,
  'web/pages/letters/texts.ts': lettersTexts,
  'web/pages/reports/texts.ts': reportsTexts,
  'web/pages/requests/texts.ts': requestsTexts,
  'web/pages/secrecy/texts.ts': secrecyTexts,
  'web/pages/publications/texts.ts': publicationsTexts,
  'web/pages/filings/texts.ts': filingsTexts,
  'web/pages/statistics/texts.ts': statisticsTexts,
  'web/pages/handovers/texts.ts': handoverTexts,
  'web/pages/sealing/texts.ts': sealingTexts,
  'web/pages/supervision/texts.ts': supervisionTexts,
  'web/pages/terminals/texts.ts': terminalsTexts,
  'web/pages/mishaps/texts.ts': mishapsTexts,
  'web/pages/upkeep/texts.ts': upkeepTexts,
  'web/pages/webhooks/texts.ts': webhooksTexts,
  'web/pages/whereabouts/texts.ts': whereaboutsTexts,
  'web/parts/account/texts.ts': accountTexts,
  'web/parts/chain/texts.ts': chainTexts,
  'web/parts/driver/texts.ts': driverTexts,
  'web/phone/texts.ts': phoneTexts,
  'web/parts/history/texts.ts': historyTexts,
  'web/parts/notifications/texts.ts': notificationTexts,
  'web/parts/sharing/texts.ts': sharingTexts,
  'web/parts/texts.ts': partsTexts,
  'web/parts/trip/texts.ts': tripTexts,
}

export type TextKey = Parameters<RoomText<(typeof rooms)[keyof typeof rooms]>>[0]

const find = (key: string): Pair =>
  Object.values(rooms)
    .map((room) => room.find(key))
    .find((pair) => pair !== undefined)!
const keys = [...new Set(Object.values(rooms).flatMap((room) => room.keysFrom('')))] as TextKey[]
const column = (index: 0 | 1) => Object.fromEntries(keys.map((key) => [key, find(key)[index]])) as Record<TextKey, string>
export const zhCN = column(0)
export const en = column(1)
