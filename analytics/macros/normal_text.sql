-- Text trimmed of white space, case-folded and without diacritics. Lower case leaves some letters that
-- Unicode folds into others, as the long s: these are translated, one for one; sharp s and the Latin
-- ligatures become the letters that they stand for.
create macro internal.normal_text(text) as
    strip_accents(
        replace(replace(replace(replace(replace(replace(replace(replace(
            translate(
                lower(regexp_replace(text, '^[\s\p{Z}]+|[\s\p{Z}]+$', '', 'g')),
                'ſẛςϐϑϕϖϰϱϵµᲀᲁᲂᲃᲄᲅᲆᲇᲈ',
                'ssσβθφπκρεμвдосттъѣꙋ'
            ),
            'ß', 'ss'), 'ﬀ', 'ff'), 'ﬁ', 'fi'), 'ﬂ', 'fl'),
            'ﬃ', 'ffi'), 'ﬄ', 'ffl'), 'ﬅ', 'st'), 'ﬆ', 'st'
        )
    )
