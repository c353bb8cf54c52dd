import { bonusComponent } from './bonus.js';
import { capComponent } from './cap.js';
import { carryComponent } from './carry.js';
import { clawbackComponent } from './clawback.js';
import { clientEntertainmentComponent } from './client-entertainment.js';
import { commissionComponent } from './commission.js';
import { contestComponent } from './contest.js';
import { drawComponent } from './draw.js';
import { expenseAccountComponent } from './expense-account.js';
import { holdbackComponent } from './holdback.js';
import { mileageComponent } from './mileage.js';
import { objectiveComponent } from './objective.js';
import { managerOverrideComponent } from './override.js';
import { paymentScheduleComponent } from './payment-schedule.js';
import { payoutSplitComponent } from './payout-split.js';
import { perDiemComponent } from './per-diem.js';
import { salaryComponent } from './salary.js';
import { spiffComponent } from './spiff.js';
import { teamPoolComponent } from './team-pool.js';

/**
 * The plan components that come with the library. Each is a value made by `defineComponent`, like your own.
 *
 * @example
 * ```ts
 * import { builtInComponents } from 'dealwright/compensation';
 * builtInComponents.some((component) => component.kind === 'commission'); // => true
 * ```
 * @category compensation
 */
export const builtInComponents = [
  salaryComponent,
  commissionComponent,
  bonusComponent,
  spiffComponent,
  objectiveComponent,
  contestComponent,
  mileageComponent,
  perDiemComponent,
  expenseAccountComponent,
  clientEntertainmentComponent,
  capComponent,
  carryComponent,
  clawbackComponent,
  drawComponent,
  holdbackComponent,
  paymentScheduleComponent,
  payoutSplitComponent,
  managerOverrideComponent,
  teamPoolComponent,
] as const;

/**
 * The kinds of components that come with the library.
 *
 * @category compensation
 */
export type BuiltInComponents = typeof builtInComponents;
