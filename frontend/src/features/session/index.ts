export { type Me, meOptions, teamsOptions, useMay, useMe, usersOptions, useSignOut } from "./queries";
export { SignInPage } from "./sign-in-page";
