// Enumerations as choices of a select, in the reader's language.
import { vehicleStatuses } from '../../../services/domain/status.ts'
import { energyTypes, vehicleCategories, vehicleClasses } from '../../../services/domain/vehicle.ts'
import { areaName, countedAreas } from '../../kit/format/leagueNames.ts'
import type { Locale } from '../../kit/format/time.ts'
import type { Text } from '../texts.ts'

export const filterChoices = (t: Text, locale: Locale) => ({
  league: countedAreas.map((area) => ({ value: area.adcode, label: areaName(area, locale) })),
  class: vehicleClasses.map((value) => ({ value, label: t(`class.${value}`) })),
  category: vehicleCategories.map((value) => ({ value, label: t(`category.${value}`) })),
  energy: energyTypes.map((value) => ({ value, label: t(`energy.${value}`) })),
  status: vehicleStatuses.map((value) => ({ value, label: t(`status.${value}`) })),
})
