-- Whether the whole body of a reply is one of the configured opt-out words.
create macro is_opt_out(body) as
    coalesce(internal.normal_text(body) in (select word from internal.opt_out_words), false)
