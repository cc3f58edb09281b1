"""Personal data: what is held, until when, and how names are taken out of records that are counted on."""
