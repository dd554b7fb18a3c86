-- Text trimmed of white space, in lower case and without diacritics.
create macro internal.normal_text(text) as
    strip_accents(lower(regexp_replace(text, '^[\s\p{Z}]+|[\s\p{Z}]+$', '', 'g')))
