/** Whose page it is: the logo where there is one, and always the name. */
export function Practice({ page }: { page: { practice: string; logo: string | null } | null }) {
  return (
    <p className="practice">
      {page?.logo && <img src={page.logo} alt="" />}
      {page?.practice}
    </p>
  );
}
