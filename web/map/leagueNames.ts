// Romanised names of the twelve leagues and cities, as used in English: the map and lists of the English interface.

const englishNames: Record<string, string> = {
  '150100': 'Hohhot',
  '150200': 'Baotou',
  '150300': 'Wuhai',
  '150400': 'Chifeng',
  '150500': 'Tongliao',
  '150600': 'Ordos',
  '150700': 'Hulunbuir',
  '150800': 'Bayannur',
  '150900': 'Ulanqab',
  '152200': 'Hinggan',
  '152500': 'Xilingol',
  '152900': 'Alxa',
}

/** English name of a league or city by adcode, or undefined for anything else. */
export const findEnglishLeagueName = (adcode: string): string | undefined => englishNames[adcode]
