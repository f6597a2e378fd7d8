import { Button, NumberInput, Switch, Tabs, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { Failed, Loading } from "../../shared/ui/states";
import { useMay } from "../session";
import { FormPreview } from "./form-preview";
import classes from "./lead-capture.module.css";
import { useSaveWebForm } from "./mutations";
import { useWebForm, type WebFormOut } from "./queries";
import { Snippet } from "./snippet";
import { plainForm, scriptTag, websites } from "./snippets";

/** The form for the practice's website: where it may stand, what it says, what to put into the page. */
export function WebFormPanel() {
  const form = useWebForm();
  if (form.isPending) return <Loading label="Loading the website form" />;
  if (form.isError) return <Failed error={form.error} retry={() => form.refetch()} />;
  return (
    <>
      <Settings key={form.data.version} form={form.data} />
      <Snippets form={form.data} />
    </>
  );
}

function Settings({ form }: { form: WebFormOut }) {
  const save = useSaveWebForm();
  const may = useMay("settings:write");
  const [values, setValues] = useState({
    active: form.active,
    sites: form.allowed_origins.join("\n"),
    consent_en: form.consent_en,
    consent_es: form.consent_es,
    thanks_url: form.thanks_url ?? "",
    per_hour: form.per_hour,
  });
  const set = (part: Partial<typeof values>) => setValues({ ...values, ...part });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { sites, thanks_url, ...rest } = values;
    const body = {
      ...rest,
      allowed_origins: websites(sites),
      thanks_url: thanks_url || null,
      version: form.version,
    };
    save.mutate({ body });
  };
  return (
    <form onSubmit={submit} className={classes.section} aria-labelledby="web-form-settings">
      <h2 id="web-form-settings" className={classes.title}>
        Website form
      </h2>
      <p className={classes.about}>
        Requests from your website become leads at once, with the first text on its way. What looks like spam
        waits under “To check” for a person.
      </p>
      <fieldset disabled={!may} style={{ border: 0, padding: 0, margin: 0, display: "grid", gap: 12 }}>
        <Switch
          label="The form takes requests"
          checked={values.active}
          onChange={(event) => set({ active: event.currentTarget.checked })}
        />
        <Textarea
          label="Websites that may use it"
          description="One a line, as in the browser's address: https://www.example.org"
          autosize
          minRows={2}
          value={values.sites}
          onChange={(event) => set({ sites: event.currentTarget.value })}
        />
        <Textarea
          label="Words beside the consent box, English"
          description="Kept word for word with every consent given under them."
          autosize
          minRows={2}
          value={values.consent_en}
          onChange={(event) => set({ consent_en: event.currentTarget.value })}
        />
        <Textarea
          label="Words beside the consent box, Spanish"
          lang="es"
          autosize
          minRows={2}
          value={values.consent_es}
          onChange={(event) => set({ consent_es: event.currentTarget.value })}
        />
        <TextInput
          label="Your own thank-you page"
          description="For the plain HTML form. Empty: ours"
          placeholder="https://www.example.org/thanks"
          type="url"
          value={values.thanks_url}
          onChange={(event) => set({ thanks_url: event.currentTarget.value })}
        />
        <NumberInput
          label="Most requests an hour"
          w={200}
          min={1}
          max={10000}
          allowDecimal={false}
          value={values.per_hour}
          onChange={(value) => set({ per_hour: Number(value) || 60 })}
        />
        {may && (
          <div>
            <Button type="submit" loading={save.isPending}>
              Save website form
            </Button>
          </div>
        )}
      </fieldset>
    </form>
  );
}

function Snippets({ form }: { form: WebFormOut }) {
  const [language, setLanguage] = useState<"en" | "es">("en");
  return (
    <section className={classes.section} aria-labelledby="web-form-code">
      <h2 id="web-form-code" className={classes.title}>
        Put it on your website
      </h2>
      {form.allowed_origins.length === 0 && (
        <p className={classes.about}>First name your website above and save: no other may use the form.</p>
      )}
      <Tabs
        value={language}
        onChange={(value) => setLanguage(value === "es" ? "es" : "en")}
        keepMounted={false}
      >
        <Tabs.List aria-label="Language of the form">
          <Tabs.Tab value="en">English</Tabs.Tab>
          <Tabs.Tab value="es">Spanish</Tabs.Tab>
        </Tabs.List>
        {(["en", "es"] as const).map((each) => (
          <Tabs.Panel key={each} value={each} pt="md">
            <Snippet title="One tag, where the form should stand" text={scriptTag(form, each)} />
            <Snippet title="Or plain HTML, where no script may run" text={plainForm(form, each)} />
            <h3 className={classes.title}>Preview</h3>
            <p className={classes.about}>Sending from here opens no lead.</p>
            <FormPreview form={form} language={each} />
          </Tabs.Panel>
        ))}
      </Tabs>
    </section>
  );
}
