// The door to mail: one SMTP server, by nodemailer. What is handed over has a number of its own (Message-ID), the same at each attempt, so that whoever gets it twice knows it again.
import { createTransport } from 'nodemailer'

export type MailSettings = { url: string; from: string; user?: string | undefined; password?: string | undefined }
export type Letter = {
  to: string
  subject: string
  text: string
  /** The same for the same thing, however often it is handed over. */
  id: string
  /** Where whoever reads it wants no more (RFC 8058). */
  leaveUrl?: string | undefined
  attachment: { fileName: string; mediaType: string; content: Buffer }
}
/** `permanent`: it said no for good (5xx), and asking again is no use. */
export class MailFault extends Error {
  readonly permanent: boolean
  constructor(message: string, permanent: boolean) {
    super(message)
    this.permanent = permanent
  }
}
export type Mail = {
  from: string
  /** Resolves when the server has taken it. @throws MailFault */
  send(letter: Letter): Promise<void>
}

const CONNECT_MS = 10_000
/** A server that says nothing for so long is away. */
const SILENT_MS = 30_000
const SAID_LETTERS = 300

/** Names of hosts and addresses of this machine: what goes there crosses no wire. */
const isHere = (host: string): boolean => host === 'localhost' || host === '[::1]' || /^127\./.test(host)

/** @param silentMs how long the server may say nothing */
export function openMail({ url, from, user, password }: MailSettings, silentMs = SILENT_MS): Mail {
  const { protocol, hostname, port } = new URL(url)
  const secure = protocol === 'smtps:'
  const transport = createTransport({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? (secure ? 465 : 587) : Number(port),
    secure,
    // A password is told to nobody in the clear.
    requireTLS: !secure && user !== undefined && !isHere(hostname),
    ...(user === undefined ? {} : { auth: { user, pass: password ?? '' } }),
    connectionTimeout: Math.min(CONNECT_MS, silentMs),
    greetingTimeout: Math.min(CONNECT_MS, silentMs),
    socketTimeout: silentMs,
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  const domain = from.slice(from.lastIndexOf('@') + 1)
  return {
    from,
    async send({ to, subject, text, id, leaveUrl, attachment: { fileName, mediaType, content } }) {
      try {
        await transport.sendMail({
          from: { name: '莫林 Morin', address: from },
          // As an object it is one address, whatever is written in it.
          to: { name: '', address: to },
          subject,
          text,
          messageId: `<${id}@${domain}>`,
          headers: {
            'auto-submitted': 'auto-generated',
            ...(leaveUrl === undefined
              ? {}
              : { 'list-unsubscribe': `<${leaveUrl}>`, 'list-unsubscribe-post': 'List-Unsubscribe=One-Click' }),
          },
          attachments: [{ filename: fileName, contentType: mediaType, content }],
        })
      } catch (error) {
        throw faultOf(error as Error & { responseCode?: number; code?: string; response?: string }, password)
      }
    },
  }
}

/** What the server said, without what we told it. */
function faultOf(
  error: { message: string; responseCode?: number; code?: string; response?: string },
  password: string | undefined,
): MailFault {
  const said = (error.response ?? error.message).replaceAll('\0', '').slice(0, SAID_LETTERS)
  // Whether we may send at all (EAUTH) is the installation's to put right, and no fault of the address.
  const permanent = error.code === 'EENVELOPE' && (error.responseCode ?? 500) >= 500
  return new MailFault(
    password ? said.replaceAll(password, '…') : said,
    permanent || (error.code === 'EMESSAGE' && (error.responseCode ?? 0) >= 500),
  )
}
