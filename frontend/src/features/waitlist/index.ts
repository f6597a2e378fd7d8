export { LeadWaitlist } from "./lead-waitlist";
export { WaitlistDrawer } from "./waitlist-drawer";
