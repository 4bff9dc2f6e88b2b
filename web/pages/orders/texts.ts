// Texts of this page.
import { roomTexts } from '../../kit/i18n/i18n.ts'
import { tripTexts } from '../../parts/trip/texts.ts'

export const ordersTexts = roomTexts(tripTexts, {
  'orders.search': ['号牌、驾驶员、事由、目的地或单位', 'Plate, driver, purpose, place or unit'],
  'orders.total': ['共 {{n}} 张', '{{n}} orders'],
  'orders.emptyTitle': ['还没有派车单', 'No orders yet'],
  'orders.emptyText': ['申请获批并派车后，派车单列在这里', 'Once a request is given a vehicle, its order is listed here'],
  'orders.filterUnit': ['用车单位', 'Unit'],
  'orders.open': ['只看未办结', 'Not over yet'],
  'orders.issuer': ['派车单位', 'Issued by'],
  'orders.driverPhone': ['驾驶员电话', 'Driver’s telephone'],
  'orders.departedAt': ['出车', 'Departed'],
  'orders.returnedAt': ['收车', 'Returned'],
  'orders.odometer': ['里程表', 'Odometer'],
  'orders.odometerKm': ['里程表读数（公里）', 'Odometer reading (km)'],
  'orders.km': ['{{n}} 公里', '{{n}} km'],
  'orders.distance': ['行驶 {{n}} 公里', '{{n}} km driven'],
  'orders.openRequest': ['查看申请', 'Open the request'],
  'orders.openBoard': ['在派车板查看', 'Show on the board'],
  'orders.print': ['打印', 'Print'],
  'orders.sure': ['核对无误', 'The reading is right'],

  'orders.costs': ['费用', 'Costs'],
  'orders.noCosts': ['没有登记费用', 'No costs entered'],
  'orders.addCost': ['登记费用', 'Enter a cost'],
  'orders.costTotal': ['合计', 'Total'],
  'orders.costKind': ['费用类别', 'Kind of cost'],
  'orders.yuan': ['金额（元）', 'Amount (yuan)'],
  'orders.yuanHint': ['冲减已登记费用时填负数', 'Negative to take back what was entered'],
  'orders.costAt': ['发生时间', 'Incurred at'],

  'orderSheet.title': ['公务用车派车单', 'Order for an official vehicle'],
  'orderSheet.number': ['编号', 'Number'],
  'orderSheet.printed': ['打印时间', 'Printed'],
  'orderSheet.signDispatcher': ['派车人签字', 'Dispatcher'],
  'orderSheet.signDriver': ['驾驶员签字', 'Driver'],
  'orderSheet.signPassenger': ['用车人签字', 'Passenger'],
  'orderSheet.out': ['出车里程表', 'Odometer out'],
  'orderSheet.back': ['收车里程表', 'Odometer back'],
})

export const useText = ordersTexts.useText
