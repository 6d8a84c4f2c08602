package trouble

const (
	fullDisk = errorDiskFull
	readOnly = errorWriteProtect
)
