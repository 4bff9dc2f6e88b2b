// Rows of who was where: everybody in sight at an instant, an area, and what is asked of one vehicle.
import type { whereaboutsApi } from '../../../services/contracts/api/whereabouts.ts'
import { NOW_MS } from '../region.ts'
import type { Aim, Row } from './row.ts'

const window = { from: new Date(NOW_MS - 3_600_000).toISOString(), to: new Date(NOW_MS).toISOString() }
const ofVehicle: Record<string, Aim> = {
  path: { at: ({ vehicle }) => ({ params: { vehicleId: vehicle }, query: window }) },
  sensitive: { at: ({ secretVehicle }) => ({ params: { vehicleId: secretVehicle }, query: window }), reach: 'cleared' },
}

export const whereaboutsRows: Record<keyof typeof whereaboutsApi, Row> = {
  getInstant: {
    lists: {
      vehicles: {
        request: { query: { at: window.to } },
        all: 'SELECT v.vehicle_id AS id, v.user_unit_id AS unit, v.secrecy AS secret FROM every_vehicle v',
        ids: (answer) => {
          const { vehicleId, unseen } = answer.json() as { vehicleId: number[]; unseen: { vehicleId: number[] } }
          return [...vehicleId, ...unseen.vehicleId]
        },
      },
    },
  },
  findWhoWasHere: { plain: { request: { query: { ...window, area: '111.7,40.8;111.71,40.8;111.7,40.81' } } } },
  findMeetings: { aims: ofVehicle },
  findCaseMeetings: { aims: { path: { at: (at) => ({ params: { caseId: at.case }, query: window }), reach: 'mine' } } },
  findNightPlaces: { aims: ofVehicle },
}
