# Đánh giá mức độ hài lòng của người nộp hồ sơ.
rating-title = Ông, bà có hài lòng không?
rating-text = Đánh giá việc giải quyết hồ sơ này giúp cơ quan phục vụ tốt hơn. Cơ quan chỉ nhận số liệu tổng hợp, không biết ai đánh giá.
rating-text-given = Ông, bà đã đánh giá. Có thể chọn lại bất cứ lúc nào.
rating-label = Mức độ hài lòng
rating-5 = Rất hài lòng
rating-4 = Hài lòng
rating-3 = Bình thường
rating-2 = Không hài lòng
rating-1 = Rất không hài lòng
rating-send = Gửi đánh giá
rating-change = Gửi lại đánh giá
rating-choose = Hãy chọn một mức độ rồi gửi lại.
rating-said = Cảm ơn ông, bà đã đánh giá.
