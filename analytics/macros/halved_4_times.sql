-- Sorted cells halved four times towards the rank in them.
create macro internal.halved_4_times(cells) as
    internal.halved(internal.halved(internal.halved(internal.halved(cells))))
