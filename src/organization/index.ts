/**
 * Organization: who reports to whom, which territories there are, and who works them, all of it with dates.
 *
 * @module organization
 */
export { type Account, TERRITORY_FIELDS, type TerritorySubject, validateAccount } from './account.js';
export { type AssignTerritoryOptions, assignTerritory, type TerritoryCandidate, type TerritoryDecision } from './assign-territory.js';
export { defineHierarchy } from './define-hierarchy.js';
export { type Hierarchy, type ReportingLine, TEAM_DEPTHS, type TeamDepth } from './hierarchy.js';
export { createHierarchyReader, type HierarchyReader, type ManagerSpan, type TeamSpan } from './hierarchy-reader.js';
export type { RankedBy } from './rank.js';
export type { FieldTest } from './record-filter.js';
export { managerOf, managersOf, type OnDateOptions } from './reporting-line.js';
export { type TeamOptions, teamOf } from './team-of.js';
export { TERRITORY_KINDS, type Territory, type TerritoryAssignment, type TerritoryField, type TerritoryFilter, type TerritoryKind } from './territory.js';
export { type TerritoryAccounts, type TerritoryCoverage, type TerritoryOverlap, territoryCoverage } from './territory-coverage.js';
export { type TerritoryMembersOptions, territoryMembers } from './territory-members.js';
export { validateHierarchy } from './validate-hierarchy.js';
export { type ValidateTerritoryAssignmentsOptions, validateTerritories, validateTerritoryAssignments } from './validate-territories.js';
