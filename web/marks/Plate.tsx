// A number plate as it is on the vehicle: blue small, yellow large, green new energy, white police with its red 警.
import { type PlateColour, plateAsPrinted } from '../../services/contracts/vehicle.ts'
import './marks.css'

export function Plate({ plate, colour, large = false }: { plate: string; colour: PlateColour; large?: boolean }) {
  const printed = plateAsPrinted(plate)
  const police = printed.endsWith('警')
  return (
    <span className={`plate plate-${colour}${large ? ' plate-large' : ''}`}>
      {police ? printed.slice(0, -1) : printed}
      {police && <span className="plate-police">警</span>}
    </span>
  )
}
