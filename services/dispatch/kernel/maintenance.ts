// Which plans of maintenance hold for a vehicle: asked by who keeps it, and by supervision.

/**
 * SQL: the plans of the vehicles `v`, which have the columns vehicle_id, class, unit_lft and unit_rgt: of one name its own, else the nearest organisation's of its
 * class. Columns plan_id, item, every_km, every_months.
 */
export const plansOf = (v: string): string => `
  LATERAL (SELECT DISTINCT ON (p.item) p.plan_id, p.item, p.every_km, p.every_months
    FROM maintenance_plans p JOIN organisations h USING (organisation_id)
    WHERE p.ended_at IS NULL AND (p.vehicle_id = ${v}.vehicle_id OR (p.vehicle_id IS NULL AND p.class = ${v}.class AND h.lft <= ${v}.unit_lft AND h.rgt >= ${v}.unit_rgt))
    ORDER BY p.item, p.vehicle_id IS NULL, h.lft DESC)`
