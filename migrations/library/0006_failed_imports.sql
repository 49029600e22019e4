-- What failed and is handed in once more is the same import, which begins anew.

CREATE INDEX import_failed_by_address ON import (address_key) WHERE state = 'failed';

-- `already` of an import is 2 from now on when its article lay in the trash and was taken out of it.
