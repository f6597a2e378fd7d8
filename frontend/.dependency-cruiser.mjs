/** Which part of the app may know which; see ARCHITECTURE.md. */
export default {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "shared-knows-no-feature",
      severity: "error",
      from: { path: "^src/(shared|api)" },
      to: { path: "^src/(features|app)" },
    },
    {
      name: "feature-knows-no-app",
      severity: "error",
      from: { path: "^src/features" },
      to: { path: "^src/app" },
    },
    {
      name: "by-the-front-door",
      severity: "error",
      from: { path: "^src/(?:features/([^/]+)|app)/" },
      to: {
        path: "^src/features/",
        pathNot: ["^src/features/$1/", "^src/features/[^/]+/(index\\.ts|[a-z-]+-page\\.tsx)$"],
      },
    },
    {
      name: "client-only-in-queries",
      severity: "error",
      from: { path: "^src/features", pathNot: "(queries|mutations)\\.ts$" },
      to: { path: "^src/api/generated" },
    },
    {
      name: "patient-pages-stand-alone",
      severity: "error",
      from: { path: "^src/patient" },
      to: { path: "^(src/(features|app|shared|api/(client|problem))|node_modules/(@mantine|@tanstack))" },
    },
    {
      name: "nobody-enters-the-patient-pages",
      severity: "error",
      from: { pathNot: "^src/patient" },
      to: { path: "^src/patient" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsConfig: { fileName: "tsconfig.json" },
    tsPreCompilationDeps: true,
    exclude: { path: "^src/api/generated" },
  },
};
