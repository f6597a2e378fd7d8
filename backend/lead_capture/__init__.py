"""Other ways in than fax, phone and text: the website's form, e-mail, files of an EMR."""
