// Files go as their bytes, and come back as an address that only this page knows.

import type { VehicleAttachment } from '../../../services/contracts/api/ledger.ts'
import type { ErrorAnswer } from '../../../services/contracts/errorAnswer.ts'
import { ApiError, urlOf } from '../../kit/api/client.ts'
import { endpoints } from '../../kit/api/endpoints.ts'

/** @throws ApiError with the server's reason */
export async function uploadFile(
  vehicleId: number,
  kind: VehicleAttachment['kind'],
  file: File,
  csrfToken: string,
): Promise<VehicleAttachment> {
  const response = await fetch(urlOf(endpoints.addVehicleFile.path, { vehicleId }, { kind, name: file.name.slice(0, 120) }), {
    method: 'POST',
    headers: { 'content-type': 'application/octet-stream', 'x-csrf-token': csrfToken },
    credentials: 'same-origin',
    body: file,
  }).catch(() => {
    throw new ApiError('OFFLINE', 'The server was not reached')
  })
  if (response.ok) return (await response.json()) as VehicleAttachment
  // A proxy's refusal is no answer of ours: its status is all that it says.
  const { error } = (await response.json().catch(() => ({}))) as Partial<ErrorAnswer>
  throw new ApiError(error?.code ?? 'UNAVAILABLE', error?.message ?? String(response.status), { issues: error?.issues })
}

export const addressOf = (vehicleId: number, fileId: number): string => urlOf(endpoints.readVehicleFile.path, { vehicleId, fileId })
