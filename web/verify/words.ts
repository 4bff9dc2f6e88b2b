// Texts of the verification page, which has no library of ours to say them with.
const texts: Record<string, readonly [zh: string, en: string]> = {
  title: ['证据包核验', 'Verification of an evidence package'],
  lead: ['在本机核验，文件不会上传；断开网络也可使用。', 'It is verified on this machine: nothing is uploaded, and no network is needed.'],
  language: ['English', '中文'],
  choose: ['选择证据包（.zip），或拖到此处', 'Choose a package (.zip), or drop it here'],
  key: ['签名公钥（PEM）或指纹', 'Public key of the signature (PEM), or its fingerprint'],
  keyHint: [
    '请使用平台管理单位另行提供的公钥或指纹；本页若从平台打开，已填入平台公布的公钥。',
    'Use the key or fingerprint that those who keep the platform gave by another way. Opened from the platform, this page has its published keys.',
  ],
  again: ['重新核验', 'Verify again'],
  save: ['另存本页，可脱机核验', 'Save this page to verify without network'],
  keyWrong: [
    '所填内容不是公钥（PEM），也不是 64 位十六进制指纹',
    'That is neither a public key in PEM nor a fingerprint of 64 hexadecimal digits',
  ],
  failed: ['文件读取失败，未能核验；请重新选择文件', 'The file could not be read, so nothing was verified; choose it again'],
  itself: ['以下为证据包自述，尚不能采信', 'What the package says of itself, not to be relied on'],
  number: ['编号', 'Number'],
  purpose: ['事由', 'Purpose'],
  period: ['期间', 'Period'],
  vehicles: ['车辆', 'Vehicles'],
  madeBy: ['制作人', 'Made by'],
  madeAt: ['制作时间', 'Made'],
  datum: ['坐标', 'Datum'],
  signature: ['签名与公钥指纹', 'Signature, fingerprint of the key'],
  audit: ['审计日志位置', 'Place in the audit log'],
  parts: ['文件', 'Files'],
}

export const pageText = (key: string, language: 'zh-CN' | 'en'): string => texts[key]![language === 'en' ? 1 : 0]
