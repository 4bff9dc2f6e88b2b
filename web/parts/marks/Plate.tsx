// A number plate as it is on the vehicle: blue small, yellow large, green new energy, white police and rescue with their red 警 and 应急.
import { type PlateColour, plateAsPrinted, plateMark } from '../../../services/domain/vehicle.ts'
import './marks.css'

export function Plate({ plate, colour, large = false }: { plate: string; colour: PlateColour; large?: boolean }) {
  const printed = plateAsPrinted(plate)
  const mark = plateMark(plate)
  return (
    <span className={`plate plate-${colour}${large ? ' plate-large' : ''}`}>
      {mark ? printed.slice(0, -mark.length) : printed}
      {mark && <span className="plate-mark">{mark}</span>}
    </span>
  )
}
