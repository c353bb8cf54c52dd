/**
 * Organization: who reports to whom, which territories there are, and who works them, all of it with dates.
 *
 * @module organization
 */
export { type Account, type TerritorySubject, validateAccount } from './account.js';
export { assignTerritory, type AssignTerritoryOptions, type TerritoryCandidate, type TerritoryDecision } from './assign-territory.js';
export { defineHierarchy } from './define-hierarchy.js';
export { type Hierarchy, type ReportingLine, TEAM_DEPTHS, type TeamDepth } from './hierarchy.js';
export { createHierarchyReader, type HierarchyReader, type ManagerSpan, type TeamSpan } from './hierarchy-reader.js';
export type { RankedBy } from './rank.js';
export type { FieldTest } from './record-filter.js';
export { managerOf, managersOf, type OnDateOptions } from './reporting-line.js';
export { teamOf, type TeamOptions } from './team-of.js';
export { type Territory, type TerritoryAssignment, type TerritoryField, type TerritoryFilter, type TerritoryKind, TERRITORY_KINDS } from './territory.js';
export { territoryCoverage, type TerritoryCoverage, type TerritoryOverlap } from './territory-coverage.js';
export { territoryMembers, type TerritoryMembersOptions } from './territory-members.js';
export { validateHierarchy } from './validate-hierarchy.js';
export { validateTerritories, validateTerritoryAssignments, type ValidateTerritoryAssignmentsOptions } from './validate-territories.js';
