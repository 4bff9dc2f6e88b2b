// Scheduled reports (定期报告): a list as a page shows it, by day, week or month, to people, each with his own rights when it is sent. And where one is reached by mail.
import { z } from 'zod'
import { deliveryStates, refusedReasons, reportChannels, rhythms } from '../../domain/reports.ts'
import { exchangeLocales, reportLists } from '../exchange.ts'
import { type Endpoint, id, instant, offset, page, pageSize, version } from './endpoint.ts'

export const reportFormats = ['xlsx', 'csv', 'pdf'] as const
const organisation = z.object({ organisationId: z.int(), name: z.string() })
const rhythm = {
  every: z.enum(rhythms),
  /** Of a week 1 (Monday) to 7, of a month 1 to 31 – where it has fewer days, its last – of a day 0. */
  onDay: z.int().min(0).max(31),
  atMinute: z.int().min(0).max(1439),
}
const reader = { accountId: id, byApp: z.boolean(), byMail: z.boolean() }
const fields = {
  name: z.string().trim().min(1).max(60),
  list: z.enum(reportLists),
  /** As the list's page asks it; days and periods in it follow the time that it is of. */
  filter: z
    .record(z.string().max(40), z.string().max(200))
    .refine((given) => Object.keys(given).length <= 20, '至多 20 个条件 / 20 conditions at most'),
  format: z.enum(reportFormats),
  locale: z.enum(exchangeLocales),
  ...rhythm,
  readers: z.array(z.object(reader)).min(1).max(50),
}

const planSchema = z.object({
  reportId: z.int(),
  organisation,
  ...fields,
  readers: z.array(z.object({ ...reader, name: z.string(), left: z.boolean() })),
  /** null: it is ended. */
  nextAt: instant.nullable(),
  madeBy: z.string(),
  version,
})
export type ReportPlan = z.infer<typeof planSchema>

const deliverySchema = z.object({
  deliveryId: z.int(),
  reportId: z.int(),
  name: z.string(),
  to: z.string(),
  channel: z.enum(reportChannels),
  plannedAt: instant,
  state: z.enum(deliveryStates),
  why: z.enum(refusedReasons).nullable(),
  /** What the mail server, or the list, said. */
  said: z.string().nullable(),
  attempts: z.int(),
  doneAt: instant.nullable(),
  fileName: z.string().nullable(),
  rows: z.int().nullable(),
  bytes: z.int().nullable(),
})
export type ReportDelivery = z.infer<typeof deliverySchema>

const params = z.object({ reportId: id })

export const reportsApi = {
  listReports: {
    method: 'GET',
    path: '/reports',
    summary: 'Scheduled reports of the scope, with whom they go to',
    access: 'report.plan',
    query: z.object({ ended: z.enum(['true']).optional(), organisationId: id.optional(), limit: pageSize, offset }),
    answer: page(planSchema),
  },
  makeReport: {
    method: 'POST',
    path: '/reports',
    summary: 'Has a list sent to people by day, week or month; whoever sets it must be able to see the list himself',
    access: 'report.plan',
    body: z.object({ ...fields, organisationId: id }),
    answer: planSchema,
  },
  changeReport: {
    method: 'PUT',
    path: '/reports/:reportId',
    summary: 'Changes when it is sent, what and to whom, or ends it and begins it again. Whoever left it is not put back',
    access: 'report.plan',
    params,
    body: z.object({ ...fields, on: z.boolean(), version }),
    answer: planSchema,
  },
  sendReport: {
    method: 'POST',
    path: '/reports/:reportId/deliveries',
    summary: 'Sends it now, beside its times',
    access: 'report.plan',
    params,
    answer: z.object({ deliveries: z.int() }),
  },
  listReportDeliveries: {
    method: 'GET',
    path: '/reports/:reportId/deliveries',
    summary: 'What was sent of it, to whom and how it ended, the newest first',
    access: 'report.plan',
    params,
    query: z.object({ limit: pageSize, offset }),
    answer: page(deliverySchema),
  },
  listReportReaders: {
    method: 'GET',
    path: '/report-readers',
    summary: 'People within reach who may be sent a report, by a part of the name',
    access: 'report.plan',
    query: z.object({ q: z.string().trim().max(40).optional(), limit: pageSize }),
    answer: z.object({ rows: z.array(z.object({ accountId: z.int(), name: z.string(), unit: z.string(), hasMail: z.boolean() })) }),
  },
  listOwnReports: {
    method: 'GET',
    path: '/own/reports',
    summary: 'Reports that are sent to oneself, what came of each, and where one is reached by mail',
    access: 'signed-in',
    query: z.object({ limit: pageSize, offset }),
    answer: page(deliverySchema).extend({
      /** `set`: this installation has a mail server. */
      mail: z.object({ set: z.boolean(), address: z.string().nullable() }),
      reports: z.array(
        z.object({ reportId: z.int(), name: z.string(), ...rhythm, byApp: z.boolean(), byMail: z.boolean(), left: z.boolean() }),
      ),
    }),
  },
  readOwnReport: {
    method: 'GET',
    path: '/own/reports/:deliveryId/file',
    summary: 'A report that came, as its file; asked again whether one may still see the list, and on record',
    access: 'signed-in',
    params: z.object({ deliveryId: id }),
    download: true,
    answer: z.unknown(),
  },
  leaveReport: {
    method: 'POST',
    path: '/own/report-subscriptions/:reportId',
    summary: 'Wants a report no more, or again',
    access: 'signed-in',
    params,
    body: z.object({ on: z.boolean() }),
    answer: z.object({}),
  },
  setMailAddress: {
    method: 'PUT',
    path: '/own/mail-address',
    summary: 'Where one is reached by mail; null: nowhere',
    access: 'signed-in',
    body: z.object({
      address: z
        .email({ error: '请填写有效的电子邮箱，如 name@example.cn / an e-mail address, such as name@example.cn' })
        .max(200)
        .nullable(),
    }),
    answer: z.object({ address: z.string().nullable() }),
  },
} as const satisfies Record<string, Endpoint>
