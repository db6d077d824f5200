# Đánh giá mức độ hài lòng của người nộp hồ sơ.
rating-title = Ông, bà có hài lòng không?
rating-text = Đánh giá việc giải quyết hồ sơ này giúp cơ quan phục vụ tốt hơn. Mức đánh giá chỉ được dùng trong số liệu tổng hợp, không nêu ai đánh giá.
rating-text-given = Ông, bà đã đánh giá. Có thể chọn lại bất cứ lúc nào; chọn lại sau khi hết tháng đánh giá lần đầu thì số liệu đã công bố không thay đổi.
rating-label = Mức độ hài lòng
rating-5 = Rất hài lòng
rating-4 = Hài lòng
rating-3 = Bình thường
rating-2 = Không hài lòng
rating-1 = Rất không hài lòng
rating-comment = Góp ý
rating-comment-hint = Lãnh đạo cơ quan và quản trị viên đọc lời góp ý này, không kèm tên ông, bà và mã hồ sơ. Tối đa 500 ký tự.
rating-long = Lời góp ý quá dài. Hãy viết tối đa 500 ký tự rồi gửi lại.
rating-send = Gửi đánh giá
rating-change = Gửi lại đánh giá
rating-choose = Hãy chọn một mức độ rồi gửi lại.
rating-said = Cảm ơn ông, bà đã đánh giá.
