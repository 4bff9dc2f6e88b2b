// What is said of a package, in both languages: by the program, by the page, and in the dialog of a case.
import type { Code, Finding, Verdict } from './verify.ts'

export type Language = 'zh-CN' | 'en'
type Sentence = readonly [zh: string, en: string]

const verdicts: Record<Verdict, Sentence> = {
  intact: ['完好：内容与签名时一致，签名密钥正确', 'Intact: everything is as it was signed, with the right key'],
  changed: ['不一致：与签名时不同，不能作为证据使用', 'Changed: this is not what was signed'],
  unchecked: ['无法判断：尚未核验完整，既不能说完好，也不能说被改动', 'Could not be checked: neither intact nor changed can be said'],
}

const findings: Record<Code, Sentence> = {
  'zip.broken': ['不是完整的证据包文件（被截断、加密或不是 zip）', 'This is no whole package (cut short, encrypted, or no zip file)'],
  'zip.header': ['文件目录与条目前的说明不一致{name}', 'The directory and what stands before an entry disagree{name}'],
  'zip.gap': ['文件中有不属于任何条目的字节', 'There are bytes that belong to no entry'],
  'name.twice': ['有两个同名条目{name}，拒绝读取', 'Two entries have the same name{name}; such a package is not read'],
  'manifest.missing': ['缺少清单 manifest.json', 'The manifest (manifest.json) is missing'],
  'manifest.broken': [
    '清单无法读取，或其中所述的密钥与签名方式不成立',
    'The manifest cannot be read, or what it says of key and signature does not hold',
  ],
  'signature.missing': ['缺少签名 manifest.sig', 'The signature (manifest.sig) is missing'],
  'signature.wrong': ['签名与清单不符：清单或签名被改动', 'The signature does not fit the manifest: one of the two was changed'],
  'signature.id': [
    '签名所用的用户标识（ID）与清单所述不同：应为默认的 16 字节 1234567812345678',
    'The signature was made with another user ID than the manifest says: it should be the default of 16 bytes, 1234567812345678',
  ],
  'key.other': [
    '签名密钥不是所给的密钥：可能由他人重新签名',
    'It was signed with another key than the one given: somebody may have signed it anew',
  ],
  'part.changed': ['内容被改动{name}', 'The content was changed{name}'],
  'part.missing': ['缺少文件{name}', 'A file is missing{name}'],
  'part.extra': ['不在签名范围内{name}', 'Not covered by the signature{name}'],
  'part.order': ['条目顺序与清单不同，自{name}起', 'The entries stand in another order than in the manifest{name}'],
  'key.none': [
    '未提供公钥或指纹，无法确认签名人：请向平台管理单位索取并比对',
    'No public key or fingerprint was given, so nobody can say who signed: ask for it where the platform is kept, and compare',
  ],
  'engine.none': [
    '此处没有可用的签名算法，签名未核验',
    'The algorithm of the signature is not at hand here; the signature was not checked',
  ],
  'format.other': ['证据包的格式比本核验程序新，请使用新版程序', 'The format of the package is newer than this program; use a newer one'],
  'name.form': [
    '文件名的字符编码形式与清单不同，按同一形式比对{name}',
    'A name is written in another Unicode form than in the manifest; compared in one form{name}',
  ],
  'zip.other': ['由其他程序重新打包，内容不受影响', 'It was packed again by another program; the content is not affected'],
}

export const verdictText = (verdict: Verdict, language: Language): string => verdicts[verdict][language === 'en' ? 1 : 0]

export function findingText({ code, name }: Finding, language: Language): string {
  const named = name === undefined ? '' : language === 'en' ? `: ${name}` : `：${name}`
  return findings[code][language === 'en' ? 1 : 0].replace('{name}', () => named)
}
